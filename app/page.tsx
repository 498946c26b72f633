import { TopologyPage } from '@/components/topology/topology-page';

export default function Page() {
  return <TopologyPage />;
}
