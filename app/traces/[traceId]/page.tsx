import type { Metadata } from 'next';
import { TracePage } from '@/components/waterfall/trace-page';

interface Props {
  readonly params: Promise<{ readonly traceId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Trace ${(await params).traceId.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  return <TracePage traceId={decodeURIComponent((await params).traceId)} />;
}
