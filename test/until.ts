import { setTimeout } from 'node:timers/promises'

/**
 * Looks again until it is so. What nobody announces, such as the end of a process that is not ours, can only be looked for; the pause leaves the
 * machine to those that are waited for, and the runner's time limit, which is a guard against hanging, is the only clock.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(10)
}
