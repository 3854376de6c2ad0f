import type { Party } from '../causes/party.ts'
import type { AnswerReport, DiagnosisTrunk } from '../verdict/diagnosis.ts'

/** How parties are called in reports. */
export const parties = {
  client: 'client signer',
  wallet: 'wallet',
  server: 'resource server',
  facilitator: 'facilitator',
  rpc: 'RPC node',
  token: 'token or its issuer',
  nobody: 'nobody',
} as const satisfies Record<Party, string>

/** What stands behind a verdict: a replay, or the chain's own word where that is what names the cause. A word of one RPC is no inference, and no proof either. */
export function proofWords({ cause, proof, findings, replay, answer }: DiagnosisTrunk): string | undefined {
  if (proof === null) return undefined
  if (answer?.relation === 'names-cause' || (answer?.relation === 'settled' && cause === null))
    return `said by ${speakerOf(answer)}, not seen by us`
  const first = findings.find((finding) => finding.cause === cause)
  const read = first?.evidence.some(({ source }) => source === 'chain') ?? false
  // A replay that undid it shows more than the chain's word.
  const undone = replay !== null && 'proven' in replay && Array.isArray(replay.proven) && replay.proven.includes(cause)
  if (proof === 'proven') return (read && !undone) || replay === null ? 'proven on chain' : 'proven by replay'
  return read ? 'read from one RPC, not proven' : 'inferred, not proven'
}

const speakers = {
  token: 'the token',
  program: 'the program',
  node: 'a node',
  facilitator: 'the facilitator',
  server: 'the server',
  client: 'the client',
} as const satisfies Record<NonNullable<AnswerReport['speaker']>, string>

/** Whose words an answer is in. Who repeated them, nobody can tell. */
export function speakerOf({ speaker }: AnswerReport): string {
  return speaker === null ? 'the other side' : speakers[speaker]
}
