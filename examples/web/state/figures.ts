// numbers → how the page writes them; a figure and its unit stay on one line

const UNIT = '\u00a0';

/** 0.123 → `12 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)}${UNIT}%`;
}

/** 6.66 → `6.7 s`, 151 → `2:31`. */
export function duration(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)}${UNIT}s` : clock(seconds);
}

/** 6.66 → `0:07`, 3725 → `1:02:05`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** 1 → `one`, 30 → `thirty`, 31 → `31`: as a sentence begins with them. */
export function inWords(count: number): string {
  const words = 'No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve'.split(' ');
  const tens: Readonly<Record<number, string>> = { 20: 'Twenty', 30: 'Thirty', 40: 'Forty', 50: 'Fifty' };
  return words[count] ?? tens[count] ?? String(count);
}
