import type { SolanaDiagnosis, SolanaReport } from '../solana/diagnosis/diagnosis.ts'
import type { Row } from './document.ts'
import type { FamilyParts } from './family-parts.ts'
import { amountOf } from './numbers.ts'

export function partsOfSolana(diagnosis: SolanaDiagnosis): FamilyParts {
  return {
    compared: [],
    told: ({ seen, expected }) => seen === undefined || expected === undefined,
    replayed: replayed(diagnosis),
    sayChain: ({ source, says }) => `${source}: ${says}`,
    rows: [],
    readAs: readAs(diagnosis),
    known: [],
  }
}

function readAs({ payment: { recognised, network }, solana: { transfer, transaction } }: SolanaDiagnosis): string {
  const where = `${recognised}, ${network ?? 'no network named'}`
  if (transfer !== null) {
    const amount = sayAmount(transfer.amount, transfer)
    const of = transfer.symbol === null ? ` of ${transfer.mint ?? 'a mint from a lookup table'}` : ''
    return `${where}: ${amount}${of} from ${transfer.authority ?? 'a lookup table'} to ${transfer.destination ?? 'a lookup table'}`
  }
  return transaction === null ? where : `${where}: ${transaction.instructions.map(({ says }) => says).join(', ')}`
}

/** In the token's own unit where its decimals are known, else in atomic units. */
function sayAmount(amount: string, transfer: SolanaReport['transfer']): string {
  if (transfer === null || transfer.symbol === null) return `${amount} atomic units`
  return amountOf(amount, transfer.mintDecimals, transfer.symbol, `${amount} atomic units`)
}

/** The payment as it is, and with what is wrong undone. */
function replayed({ replay, solana }: SolanaDiagnosis): Row[] {
  const [asIs, ...others] = replay?.runs ?? []
  if (replay === null || asIs === undefined) return []
  const what = ({ outcome, error, received }: typeof asIs): string => {
    if (outcome === 'failed') return `fails, ${error}`
    return `settles${received === null ? '' : `, ${sayAmount(received, solana.transfer)} arrive`}`
  }
  // The settlement under the fewest changes is the one that the proof rests on.
  const [fixed] = others.filter(({ outcome }) => outcome === 'settled').sort((a, b) => a.interventions.length - b.interventions.length)
  return [
    {
      label: asIs.interventions.length === 0 ? 'Replayed as it is' : 'Replayed',
      text: `${[what(asIs), ...asIs.interventions].join(': ')} (${replay.chain})`,
    },
    ...(fixed === undefined ? [] : [{ label: 'With the fix', text: `${what(fixed)}: ${fixed.interventions.join(' ')}` }]),
    { label: 'The replay shows', text: `${replay.says} ${replay.world}` },
  ]
}
