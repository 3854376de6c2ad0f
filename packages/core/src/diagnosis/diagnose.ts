import type { Told } from '../answer/given.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import {
  diagnose as diagnoseEvm,
  type Investigation as EvmInvestigation,
  investigate as investigateEvm,
  type DiagnoseOptions as OwnEvmOptions,
} from '../evm/diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import type { Fork } from '../evm/evidence/fork.ts'
import type { ReplayChain } from '../evm/evidence/replay.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import type { SolanaDiagnosis } from '../solana/diagnosis/diagnosis.ts'
import type { SvmInvestigation as SolanaInvestigation } from '../solana/diagnosis/investigate.ts'
import type { SvmInvestigateOptions as OwnSvmOptions } from '../solana/diagnosis/kinds.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { OwnChains } from './own-chains.ts'

/** What a diagnosis can be told and given, whatever the family of the payment. */
export interface DiagnoseOptions extends Told {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** The URLs of RPCs of the payment's chain to ask: one, or several that have to agree. Clients and other readers are `chains` on EVM chains, and `readers` on Solana. */
  readonly rpc?: string | URL | readonly (string | URL)[]
  /** Replays the payment: on a fork of the RPC where one is asked, else on a chain that has only what it is given. `ownChains()` of `@eip3009/core/replay`. */
  readonly replay?: OwnChains
}

/** What only a payment on an EVM chain can be given beside these. */
export type EvmDiagnoseOptions<Own extends Fork = Fork, Made extends ReplayChain = ReplayChain> = DiagnoseOptions & OwnEvmOptions<Own, Made>
/** What only a payment on Solana can be given beside these. */
export type SolanaDiagnoseOptions = DiagnoseOptions & OwnSvmOptions

/** A diagnosis, with what it was made from, told apart by its payment's family. */
export type Investigation = EvmInvestigation | SolanaInvestigation

/**
 * Says what is wrong with a payment of either family, whose fault it is, what was signed, whether money can have moved, and what to do.
 * Never throws for a payment's or an RPC's fault; a replay that cannot be made is reported as skipped.
 */
export async function diagnose(payment: EvmPayment, options?: EvmDiagnoseOptions): Promise<EvmDiagnosis>
export async function diagnose(payment: SvmPayment, options?: SolanaDiagnoseOptions): Promise<SolanaDiagnosis>
export async function diagnose(payment: EvmPayment | SvmPayment, options?: DiagnoseOptions): Promise<Diagnosis>
export async function diagnose(
  payment: EvmPayment | SvmPayment,
  options: EvmDiagnoseOptions | SolanaDiagnoseOptions = {},
): Promise<Diagnosis> {
  if (payment.family === 'evm') return diagnoseEvm(payment, await forEvm(options))
  const { diagnosis } = await investigateSolana(payment, options)
  return diagnosis
}

/** Diagnoses a payment of either family, and keeps what it was made from, and the chain open that it was replayed on, for whoever wants to replay more. Close it. */
export async function investigate<Own extends Fork = Fork, Made extends ReplayChain = ReplayChain>(
  payment: EvmPayment,
  options?: EvmDiagnoseOptions<Own, Made>,
): Promise<EvmInvestigation<Own | Made>>
export async function investigate(payment: SvmPayment, options?: SolanaDiagnoseOptions): Promise<SolanaInvestigation>
export async function investigate(payment: EvmPayment | SvmPayment, options?: DiagnoseOptions): Promise<Investigation>
export async function investigate(
  payment: EvmPayment | SvmPayment,
  options: EvmDiagnoseOptions | SolanaDiagnoseOptions = {},
): Promise<Investigation> {
  return payment.family === 'evm' ? investigateEvm(payment, await forEvm(options)) : investigateSolana(payment, options)
}

/** What pipelines of Solana need is loaded when there is a payment for them: most processes see one family. */
async function investigateSolana(payment: SvmPayment, given: EvmDiagnoseOptions | SolanaDiagnoseOptions): Promise<SolanaInvestigation> {
  refuse(given, 'solana')
  const { rpc, replay, readers = [], replayer = replay?.solana, ...options } = given as SolanaDiagnoseOptions
  const { investigateSvm } = await import('../solana/diagnosis/investigate.ts')
  const urls = urlsIn(rpc)
  const asked = urls.length === 0 ? [] : await svmReaders(urls)
  return investigateSvm(payment, { ...options, readers: [...readers, ...asked], ...(replayer === undefined ? {} : { replayer }) })
}

async function forEvm(given: EvmDiagnoseOptions | SolanaDiagnoseOptions): Promise<OwnEvmOptions> {
  refuse(given, 'evm')
  const { rpc, replay, chains = [], replayer = replay?.evm, ...options } = given as EvmDiagnoseOptions
  const urls = urlsIn(rpc)
  const asked = urls.length === 0 ? [] : await chainReaders(urls)
  const forker = options.forker ?? (urls.length === 0 ? undefined : replay?.forks(urls))
  return {
    ...options,
    chains: [...chains, ...asked],
    ...(replayer === undefined ? {} : { replayer }),
    ...(forker === undefined ? {} : { forker }),
  }
}

async function chainReaders(urls: readonly (string | URL)[]) {
  const { chainReader } = await import('../evm/state/read-chain.ts')
  return urls.map((url) => chainReader(url))
}

async function svmReaders(urls: readonly (string | URL)[]) {
  const { svmReader } = await import('../solana/state/read-state.ts')
  return urls.map((url) => svmReader(url))
}

function urlsIn(rpc: DiagnoseOptions['rpc']): readonly (string | URL)[] {
  return rpc === undefined ? [] : typeof rpc === 'string' || rpc instanceof URL ? [rpc] : rpc
}

/** The options that only one family has. One that is given for the other would be left out unseen: nobody would be asked, and nothing said. */
const only = {
  evm: ['networks', 'forker', 'chains', 'search', 'signature', 'block', 'facilitator'],
  solana: ['readers'],
} as const satisfies {
  readonly evm: readonly Exclude<keyof OwnEvmOptions, keyof OwnSvmOptions>[]
  readonly solana: readonly Exclude<keyof OwnSvmOptions, keyof OwnEvmOptions>[]
}

/** @throws Eip3009Error `invalid-argument` for an option of the other family. */
function refuse(options: object, family: 'evm' | 'solana'): void {
  const other = family === 'evm' ? 'solana' : 'evm'
  const strange = only[other].find((name) => Reflect.get(options, name) !== undefined)
  if (strange !== undefined)
    throw new Eip3009Error(
      'invalid-argument',
      `The option ${strange} is for payments on ${other === 'evm' ? 'EVM chains' : 'Solana'}, and this one is on ${other === 'evm' ? 'Solana' : 'an EVM chain'}.`,
    )
}
