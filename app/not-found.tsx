import Link from 'next/link';
import { EmptyState } from '@/components/ui/states';

export default function NotFound() {
  return (
    <EmptyState title="There is no such page" className="h-full justify-center">
      <p>
        The address leads nowhere. The{' '}
        <Link href="/" className="text-accent underline">
          topology
        </Link>{' '}
        shows what runs now; traces have pages of their own, found from the{' '}
        <Link href="/traces" className="text-accent underline">
          list
        </Link>
        .
      </p>
    </EmptyState>
  );
}
