import type { SearchDepth, SearchLimits, SearchProgress } from '@eip3009/core'
import type { Console } from './console.ts'
import { progressLines } from './progress.ts'

/** What the commands take for --search. Not imported from core, which is loaded only when a command runs; `searchDepths` is the same list. */
const depths = ['none', 'quick', 'pairs', 'deep'] as const satisfies readonly SearchDepth[]

/** The option of every command that searches for what was signed. */
export const searchOption = {
  choices: depths,
  describe:
    'how far to search for what was signed: not at all; each single slip and likely pairs; all pairs but the rarest (pairs unless given); triples',
} as const

/** How far a command searches. People wait for an answer, so that it is further than in a server, and they are told after a second what for. */
export function searchLimits(depth: SearchDepth | undefined, console: Console): SearchLimits {
  const say = progressLines(console)
  return { depth: depth ?? 'pairs', onProgress: (progress) => say(() => searchLine(progress)) }
}

export function searchLine({ tried, order }: Pick<SearchProgress, 'tried' | 'order'>): string {
  const slips = ['', 'one slip', 'two slips', 'three slips'][order] ?? 'more slips'
  return `nothing explains the signature so far: ${tried.toLocaleString('en')} hypotheses tried, now those with ${slips} …`
}
