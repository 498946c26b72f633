import type { Metadata } from 'next';
import { ComparePage } from '@/components/traces/compare-page';

export const metadata: Metadata = { title: 'Compare' };

export default function Page() {
  return <ComparePage />;
}
