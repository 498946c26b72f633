import { ConnectPage } from '@/components/connect/connect-page';

export default function Page() {
  return <ConnectPage />;
}
