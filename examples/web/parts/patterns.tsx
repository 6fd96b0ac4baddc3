// the labels' patterns → definitions that ribbons refer to

import { looks, patternOf } from './looks.ts';

/** Once in the page. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {Object.entries(looks.value).map(([label, { pattern }]) => (
          <pattern
            {...{ key: label, id: patternOf(label), width: pattern.width, height: pattern.height }}
            patternUnits="userSpaceOnUse"
            data-emotion={label}
          >
            <path d={pattern.path} class={pattern.stroke > 0 ? 'lines' : 'spots'} stroke-width={pattern.stroke} />
          </pattern>
        ))}
        <linearGradient id="shade-end">
          <stop offset="0" stop-color="#000" stop-opacity="0" />
          <stop offset="1" stop-color="#000" stop-opacity="0.45" />
        </linearGradient>
        <linearGradient id="shade-start">
          <stop offset="0" stop-color="#000" stop-opacity="0.45" />
          <stop offset="1" stop-color="#000" stop-opacity="0" />
        </linearGradient>
      </defs>
    </svg>
  );
}
