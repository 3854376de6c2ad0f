import { Eip3009Error } from '../errors/eip3009-error.ts'
import { diagnose } from '../evm/diagnosis/diagnose.ts'
import type { Payment } from '../evm/payment/payment.ts'
import type { ChainSource } from '../evm/state/connect-chain.ts'
import { chainReader } from '../evm/state/read-chain.ts'
import { findNetwork } from '../networks/find-network.ts'
import type { EvmNetwork } from '../networks/network.ts'
import { type Preflight, PreflightError } from './preflight-error.ts'
import type { SignedPayment } from './sign-authorization.ts'
import { windowFindings } from './window-findings.ts'

/** The part of `preflight` that asks a chain. Loaded only when one is given, since it brings all of the diagnosis along. */
export async function preflightOnChain(
  payment: SignedPayment,
  client: ChainSource,
  { now, timeout }: { readonly now: bigint; readonly timeout: number },
): Promise<Preflight> {
  const diagnosis = await diagnose(toPayment(payment), { now, chains: [chainReader(client, { timeout })] })
  const { verdict, findings, headline, chain, skipped } = diagnosis
  const [answer] = chain
  if (answer === undefined || answer.kind === 'unreachable') throw new Eip3009Error('rpc-unavailable', headline)
  if (verdict !== 'settles')
    throw new PreflightError(
      findings.find(({ cause }) => cause === diagnosis.cause),
      findings,
      headline,
    )
  // The token goes by the block's time, and the clock here may be wrong.
  const late = answer.block?.time == null ? [] : windowFindings(payment, BigInt(answer.block.time))
  if (late.length > 0) throw new PreflightError(late[0], late)
  return { warnings: findings, notChecked: skipped.flatMap(({ id, check, reason }) => (id === 'replay' ? [] : [{ check, reason }])) }
}

function toPayment({ network, token, domain, primaryType, authorization, signature }: SignedPayment): Payment {
  const own = evmNetwork(network)
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'authorization-and-signature',
    recognised: 'a payment that was signed here',
    networkName: network.id,
    ...(own === undefined ? {} : { network: own }),
    chainId: network.chainId,
    token: token.address,
    primaryType,
    authorization,
    signature,
    claimedDomain: domain,
    findings: [],
  }
}

/** All that is known of the network: as it was given, else as the registry has it. */
function evmNetwork(network: SignedPayment['network']): EvmNetwork | undefined {
  if (isEvmNetwork(network)) return network
  const answer = findNetwork(network.chainId)
  return answer.kind === 'network' && answer.network.family === 'evm' ? answer.network : undefined
}

function isEvmNetwork(network: SignedPayment['network']): network is EvmNetwork {
  return 'family' in network && network.family === 'evm'
}
