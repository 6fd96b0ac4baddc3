// numbers → the index of the greatest

/** The index of the greatest, the first of equals; 0 where there are none. */
export function indexOfGreatest(numbers: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! > numbers[best]!) best = i;
  return best;
}
