/** Fills that bars refer to by id: hatched waiting, striped blocked. Once a page. */
export function BarPatterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id="wf-wait"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="1.6" height="5" fill="var(--wait)" />
        </pattern>
        <pattern
          id="wf-blocked"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <rect width="6" height="6" fill="var(--blocked)" fillOpacity="0.35" />
          <rect width="2.6" height="6" fill="var(--blocked)" />
        </pattern>
      </defs>
    </svg>
  );
}
