/** What `FC_NUM_RUNS` makes of so many runs of a property, or of so many of them that came to something: 100 leaves them as they are. */
export function runs(count: number): number {
  return Math.max(1, Math.round((count * Number(process.env.FC_NUM_RUNS ?? 100)) / 100))
}
