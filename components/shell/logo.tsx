/** Water over a wall. */
export function Logo() {
  return (
    <svg
      width="28"
      height="28"
      viewBox="0 0 28 28"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 9c4 0 4 3 8 3s4-3 8-3 4 2 6 2M3 16c4 0 4 3 8 3s4-3 8-3 4 2 6 2" />
      <path d="M14 3v7M14 19v6" stroke="var(--text-3)" />
    </svg>
  );
}
