import type { Payment } from '@eip3009/core'
import { UsageError } from '../usage-error.ts'
import type { sourceOptions, tokenOptions } from './options.ts'

type FamilyId = Payment['family']

/** `followed`, or the sentence that refuses it. */
type Use = 'followed' | `--${string}`
type Uses<Option extends string> = Readonly<Record<Option, Readonly<Record<FamilyId, Use>>>>

const both = { evm: 'followed', solana: 'followed' } as const
const tokens = {
  evm: 'followed',
  solana:
    '--token, --token-name, --token-version, --token-family and --decimals are for EVM chains: a payment on Solana names its mint and decimals itself.',
} as const
const search = {
  evm: 'followed',
  solana: '--search is for EVM signatures: one on Solana gives no key back, so that there is nothing to search over; leave it out.',
} as const

/** `--chain-id` and `--network` that are none of the payment's own family are refused where they are read. */
const told = {
  'chain-id': both,
  token: tokens,
  'token-name': tokens,
  'token-version': tokens,
  'token-family': tokens,
  decimals: tokens,
} as const satisfies Uses<keyof typeof tokenOptions>

const asked = {
  ...told,
  at: both,
  answer: both,
  tx: both,
  network: both,
  'rpc-url': both,
  rpc: both,
  'rpc-header': both,
  'facilitator-address': {
    evm: 'followed',
    solana: '--facilitator-address is for EVM chains: a payment on Solana names its fee payer itself.',
  },
  block: {
    evm: 'followed',
    solana: '--block is for EVM chains: an RPC of Solana has only the newest state; --at says when the payment was made.',
  },
  snapshot: both,
  'save-snapshot': both,
  timeout: both,
  search,
  format: both,
  json: both,
  share: both,
} as const satisfies Uses<keyof typeof sourceOptions | 'timeout' | 'search' | 'format' | 'json' | 'share'>

const longSearch = {
  evm: 'followed',
  solana: '--search, --max-hypotheses, --timeout and --threads are for EVM signatures; leave them out for a payment on Solana.',
} as const

/** What becomes of every option of a command that takes payments of both families, so that none is passed over in silence. */
export const optionUses = {
  diagnose: { ...asked, replay: both, record: both },
  replay: {
    ...asked,
    'save-snapshot': {
      evm: '--save-snapshot keeps a diagnosis: give it to diagnose. replay --export keeps the state that a payment was replayed on, and --snapshot shows the replays of one.',
      solana: 'followed',
    },
    matrix: {
      evm: 'followed',
      solana: '--matrix is for EVM chains: of a payment on Solana every change that explains the failure is tried anyway.',
    },
    export: {
      evm: 'followed',
      solana: '--export is for EVM chains: --save-snapshot keeps what a cluster said, and --snapshot replays on that without it.',
    },
  },
  status: {
    network: both,
    tx: both,
    at: {
      evm: '--at says when a payment on Solana was made; on EVM chains the nonce tells, whenever that was: leave it out.',
      solana: 'followed',
    },
    'rpc-url': both,
    rpc: both,
    'rpc-header': both,
    timeout: both,
    format: both,
    json: both,
    share: both,
  },
  signature: {
    ...told,
    network: both,
    'max-hypotheses': longSearch,
    timeout: longSearch,
    threads: longSearch,
    search: longSearch,
    json: both,
    share: both,
  },
} as const satisfies Readonly<Record<string, Uses<string>>>

/** @throws UsageError for an option that was given and means nothing of a payment of this family. */
export function refuseUnused(command: keyof typeof optionUses, family: FamilyId, given: object): void {
  const values: Readonly<Record<string, unknown>> = { ...given }
  const uses: Uses<string> = optionUses[command]
  for (const [option, use] of Object.entries(uses)) {
    const value = values[option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
    if (use[family] !== 'followed' && value !== undefined && value !== false) throw new UsageError(use[family])
  }
}
