'use client';
import { useSearchParams } from 'next/navigation';
import { hrefKeeping } from '@/lib/client/kept-query';

/** Turns a path within Weir into one that keeps engine and time of the present URL. */
export function usePageHref(): (href: string) => string {
  const search = useSearchParams();
  return (href) => hrefKeeping(href, new URLSearchParams(search));
}
