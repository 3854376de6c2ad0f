/**
 * Core's rooms, the highest first. A room may import from itself and from those below it in this list, never from one above; the families, `evm` and
 * `solana`, never from each other. A folder that holds rooms holds no file of its own.
 */
export const rooms = [
  'guarded',
  'arguments',
  'testing',
  'worlds',
  'cases',
  'payment',
  'signer',
  'tables',
  'threads',
  'report',
  'comparison',
  'offer',
  'tally',
  'diagnosis',
  'evm/diagnosis',
  'evm/checks',
  'evm/world',
  'evm/state',
  'facilitators/evm',
  'evm/evidence',
  'solana/diagnosis',
  'facilitators/solana',
  'solana/world',
  'solana/state',
  'solana/offer',
  'solana/transaction',
  'rpc',
  'evm/signature',
  'answer',
  'verdict',
  'facilitators/profile',
  'money',
  'evm/payment',
  'evm/typed-data',
  'prove',
  'evidence',
  'wire',
  'revert',
  'rails',
  'sharing',
  'causes',
  'networks',
  'tokens',
  'text',
  'bytes',
  'errors',
]

/** No room holds more of core's lines than this: what grows beyond it is two rooms. */
export const mostOfCore = 0.15

/**
 * Rooms that need Node. Everything else runs anywhere, also what does I/O without it: `rpc` and `evm/state`, which read with nothing but fetch, and
 * `solana/state` and `solana/world`.
 */
export const withNode = ['testing', 'cases', 'worlds', 'evm/world', 'threads']

/**
 * The floors of the command line, the highest first: files and folders of `packages/cli/src`. The other files there stand below them all, and a folder that
 * is not named is none.
 */
export const cliFloors = ['bin.ts', 'main.ts', 'commands', 'families', 'report', 'sources']
