import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { EvmNetwork, Token } from '../../networks/network.ts'
import { stateSelectors, wordsFor } from '../../tokens/ask-model.ts'
import type { Intervention, ReplayChain, ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import { encodeCall } from '../payment/token-call.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import { decodeNumber, decodeText } from '../state/answers.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { type AccountStates, readAccounts, type Touched, touch, touchRead } from './account-state.ts'
import { selectors } from './fiat-token.ts'
import { ask } from './make-answer.ts'
import { accounts, modelToken, type TokenModel } from './place-token.ts'
import { replayOnState, type SentTransaction } from './replay-on-state.ts'
import type { Witness } from './replay-payment.ts'
import { invalidChain, showControls } from './show-controls.ts'
import type { Anvil } from './start-anvil.ts'

export interface Recording {
  readonly accounts: AccountStates
  /** The transaction that was replayed as it was sent; null when the payment is called from scratch. */
  readonly sent: SentTransaction | null
}

/** Writes down what replays of a payment rest on: everything that they read, as it is before the payment. */
export interface Recorder {
  record(payment: ReplayPayment, options: ReplayOptions, runs: readonly (readonly Intervention[])[]): Promise<Recording>
}

/** A chain whose state is there already. */
export type OwnStateChain = Required<
  Pick<ReplayChain, 'description' | 'code' | 'chainId' | 'token' | 'separator' | 'controls' | 'replay'>
> & {
  readonly recorder: Recorder
}

/** Lets blocks cost nothing, and gives the relayer something: a chain of the OP stack takes its fee for data from whoever sends, whatever gas costs. */
export async function freeGas(anvil: Anvil): Promise<void> {
  await anvil.batch([
    { method: 'anvil_setBalance', params: [accounts.relayer, `0x${(10n ** 20n).toString(16)}`] },
    { method: 'anvil_setNextBlockBaseFeePerGas', params: ['0x0'] },
  ])
}

/** Replays take turns, since there is one state. */
export function takingTurns<Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>): (...args: Args) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (...args) => {
    const next = last.then(() => work(...args))
    last = next.catch(() => undefined)
    return next
  }
}

/**
 * Takes the token of a chain that has its own state: says what it is, and shows by two controls that it tells good payments from broken ones.
 * Its `replay` does not take turns.
 * @throws Eip3009Error `unsupported-input` where there is no contract, `controls-failed`
 */
export async function openOwnState(
  anvil: Anvil,
  {
    network,
    token: address,
    description,
    time,
    sent,
  }: {
    readonly network: EvmNetwork
    readonly token: Address
    readonly description: string
    /** Unix seconds of the state. */
    readonly time: bigint
    readonly sent: SentTransaction | undefined
  },
): Promise<OwnStateChain> {
  if ((await anvil.request('eth_getCode', [address, 'latest'])) === '0x') {
    throw new Eip3009Error(
      'unsupported-input',
      `There is no contract at ${address} on the ${description}, so nothing there can take a payment: check the token's address and the network.`,
    )
  }
  const token = await describeToken(anvil, network, address, description)
  const separator = (await ask(anvil, address, selectors.domainSeparator)) ?? token.separator
  const replay = (payment: ReplayPayment, options: ReplayOptions, witness?: Witness): Promise<ReplayOutcome> =>
    replayOnState(anvil, token, accounts.relayer, sent, payment, options, witness)
  const [payer] = (await anvil.request('eth_accounts')) as readonly Address[]
  if (payer === undefined) throw invalidChain(token, 'anvil has no account to sign a control payment with')
  const { pause } = stateSelectors(token.family)
  const paused = (await ask(anvil, address, pause)) ?? '0x'
  const controls = await showControls(anvil, token, separator, payer, {
    at: time + 1n,
    interventions: [{ kind: 'balance', value: 2n }, ...(paused !== '0x' && BigInt(paused) !== 0n ? [{ kind: 'unpaused' } as const] : [])],
    replay,
    refusal:
      sameAddress(address, network.usdc.address) && token.family !== undefined
        ? wordsFor(token.family, 'signature', { overload: 'vrs' })
        : undefined,
  })
  return {
    description,
    code: token.code,
    chainId: network.chainId,
    token: address,
    separator,
    controls,
    replay: (payment, options) => replay(payment, options),
    recorder: recorderOf(anvil, token, sent, replay),
  }
}

/** Records through a way to replay: first what all the runs read, then what that is worth right before the payment as it is. */
export function recorderOf(
  anvil: Anvil,
  token: Pick<TokenModel, 'address' | 'family'>,
  sent: SentTransaction | undefined,
  replay: (payment: ReplayPayment, options: ReplayOptions, witness: Witness) => Promise<ReplayOutcome>,
): Recorder {
  return {
    record: async (payment, options, runs) => {
      const touched: Touched = new Map()
      const mined = (hash: Hex): Promise<void> => touchRead(anvil, touched, hash)
      for (const interventions of [options.interventions ?? [], ...runs]) {
        await replay(payment, { ...options, interventions }, { mined }).catch((error: unknown) => {
          // A run that this token can't be given reads nothing.
          if (!(error instanceof Eip3009Error) || error.code === 'chain-unavailable') throw error
        })
      }
      let read: AccountStates = {}
      const before = async (): Promise<void> => {
        for (const data of views(payment, token.family))
          for (const [address, slots] of await slotsOf(anvil, token.address, data)) touch(touched, address, slots)
        read = await readAccounts(anvil, touched)
      }
      await replay(payment, options, { before })
      return { accounts: read, sent: sent === undefined ? null : plainTransaction(sent) }
    },
  }
}

/** Without what only its own chain knows of it. */
function plainTransaction({ hash, from, to, data, gas, value, more }: SentTransaction): SentTransaction {
  return { hash, from, to, data, gas, value, more }
}

/** What a replay of the recording asks the token besides the payment itself. */
function views({ authorization: { from, to, nonce } }: ReplayPayment, family: TokenModel['family']): readonly Hex[] {
  const { domainSeparator: separator, name, version, symbol, decimals, balanceOf, authorizationState } = selectors
  const { pause, blacklist } = stateSelectors(family)
  return [
    ...[separator, name, version, symbol, decimals, pause],
    ...[from, to].flatMap((account) => [encodeCall(balanceOf, [account]), encodeCall(blacklist, [account])]),
    encodeCall(authorizationState, [from, nonce]),
  ]
}

async function slotsOf(anvil: Anvil, to: Address, data: Hex): Promise<(readonly [Address, readonly Hex[]])[]> {
  // A token need not have all of them.
  if ((await ask(anvil, to, data)) === undefined) return []
  const { accessList } = (await anvil.request('eth_createAccessList', [{ to, data }, 'latest'])) as {
    readonly accessList: readonly { readonly address: Address; readonly storageKeys: readonly Hex[] }[]
  }
  return accessList.map(({ address, storageKeys }) => [address, storageKeys])
}

/** The token as the registry has it where its separator is that token's; else as it describes itself. */
async function describeToken(anvil: Anvil, network: EvmNetwork, address: Address, description: string): Promise<TokenModel> {
  const known = [network.usdc, ...network.otherTokens].find((each) => sameAddress(each.address, address))
  const lookalike = network.lookalikes.find((each) => sameAddress(each.address, address))
  const family = known?.family ?? lookalike?.family
  const code = { kind: 'fork', family: family ?? null } as const
  const own = await ask(anvil, address, selectors.domainSeparator)
  if (known !== undefined && (own === undefined || domainSeparator(tokenDomain(known, network.chainId)) === own)) {
    return { ...modelToken({ network, token: known }), code, description }
  }
  const text = async (selector: Hex): Promise<string> => decodeText((await ask(anvil, address, selector)) ?? '0x') ?? ''
  const [name, said, symbol, decimals] = await Promise.all([
    text(selectors.name),
    text(selectors.version),
    text(selectors.symbol),
    ask(anvil, address, selectors.decimals),
  ])
  const claims = lookalike?.domains ?? []
  const tries: readonly Pick<Token, 'name' | 'version' | 'layout'>[] = [
    ...(['standard', 'salt'] as const).flatMap((layout) => [said, '1', '2'].map((version) => ({ name, version, layout }))),
    ...claims,
  ]
  for (const domain of tries) {
    const token = { ...domain, address, symbol, decimals: decimals === undefined || decimals === '0x' ? 0 : Number(decodeNumber(decimals)) }
    if (own === undefined || domainSeparator(tokenDomain(token, network.chainId)) === own) {
      return { ...modelToken({ chainId: network.chainId, token }), family, code, description }
    }
  }
  throw invalidChain(
    { description },
    `no domain that is known hashes to its DOMAIN_SEPARATOR(), ${own}, so that no control payment can be signed`,
  )
}
