import type { Finding } from '../../causes/finding.ts'
import type { ToldToken } from '../../networks/told-token.ts'
import type { OwnForms, Readers } from '../../wire/document.ts'
import type { JsonObject } from '../../wire/json.ts'
import { readWire, type WireOptions } from '../../wire/reader.ts'
import { otherRail, refuse } from '../../wire/refusal.ts'
import type { Draft } from './draft.ts'
import { evmForms, findTypedData } from './forms.ts'
import type { Payment } from './payment.ts'
import { evmPayment, finishEvm, type ReadOptions, readOptions } from './read.ts'
import { isMissing } from './signed-authorization.ts'
import { noteSigner } from './typed-data-json.ts'
import { readX402 } from './x402.ts'

/** What is to be signed: typed data of any type as a wallet is given it, or an authorization, whose typed data is still to be made. */
export type Unsigned = { readonly recognised: string; readonly findings: Finding[] } & (
  | { readonly kind: 'typed-data'; readonly typedData: JsonObject }
  /** With no bytes for a signature. */
  | { readonly kind: 'authorization'; readonly payment: Payment }
) & { readonly wire: WireOptions; readonly told: ToldToken | undefined }

interface FoundTypes {
  readonly family: 'evm'
  readonly form: 'typed-data'
  readonly recognised: string
  readonly typedData: JsonObject
}

/** Typed data without a signature is taken before anything else is looked for in it. */
const forms: OwnForms<Draft | FoundTypes> = {
  ...evmForms,
  specific: (object, context) => {
    const found = findTypedData(object)
    if (found === undefined || !isMissing(found.signature)) return evmForms.specific(object, context)
    const message = found.typedData.get('message')
    const from = message instanceof Map ? message.get('from') : undefined
    if (typeof from === 'string') noteSigner(found.signer, from, context.findings)
    return {
      family: 'evm',
      form: 'typed-data',
      recognised: `EIP-712 typed data without a signature${found.method === undefined ? '' : ` (${found.method} request)`}`,
      typedData: found.typedData,
    }
  },
}

const readers: Readers<Draft | FoundTypes> = {
  x402: {
    evm: readX402,
    solana: ({ payload }) => {
      throw refuse(otherRail({ rail: 'solana' }, payload))
    },
  },
  own: forms,
  payments: (found) => (found.form === 'typed-data' ? { key: found.form, says: found.recognised, marks: [] } : evmPayment(found)),
}

/**
 * Reads what is to be signed for a payment on an EVM chain, in all forms that `readEvmPayment` takes, without a signature in them.
 * @throws Eip3009Error as `readEvmPayment` does
 */
export function readUnsigned(input: string | Uint8Array | object, options: ReadOptions = {}): Unsigned {
  const { wire, told } = readOptions(options)
  const { found, findings } = readWire(input, readers, { ...wire, unsigned: true })
  const common = { recognised: found.recognised, findings, wire, told }
  return found.form === 'typed-data'
    ? { kind: 'typed-data', typedData: found.typedData, ...common }
    : { kind: 'authorization', payment: finishEvm(found, findings, wire, told), ...common }
}
