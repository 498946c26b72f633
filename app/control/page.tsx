import { ControlPage } from '@/components/control/control-page';

export default function Page() {
  return <ControlPage />;
}
