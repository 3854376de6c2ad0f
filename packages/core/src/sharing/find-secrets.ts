import { bytesOfBase64, findSignatures } from './find-signatures.ts'
import { findKnownForms } from './known-forms.ts'
import { findMisplacedKeys } from './misplaced-keys.ts'
import { findCredentials, findNamedKeys } from './redact.ts'
import { noSecrets, type Secrets } from './secrets.ts'
import { base64Runs } from './streams.ts'

/**
 * What in a text, in bytes or in an object is secret by its looks, before anything is read out of it: signatures in any spelling, tokens, private keys,
 * recovery phrases. For what is said of an input that may turn out to be no payment, or to hold more than one.
 */
export function findSecrets(input: unknown): Secrets {
  const layers = layersOf(textOf(input))
  const raw = [...new Set([...findSignatures(input), ...layers.flatMap(findMisplacedKeys), ...layers.flatMap(findNamedKeys)])]
  const texts = [...new Set(layers.flatMap((text) => [...findKnownForms(text), ...findCredentials(text)]))]
  return raw.length + texts.length === 0 ? noSecrets : { ...noSecrets, raw, texts }
}

function textOf(input: unknown): string {
  if (typeof input === 'string') return input.replaceAll('\0', '')
  if (input instanceof Uint8Array) return new TextDecoder().decode(input).replaceAll('\0', '')
  try {
    return JSON.stringify(input, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? ''
  } catch {
    // A cycle, or a getter that throws: no payment, and nothing of it is shown.
    return ''
  }
}

/** Text in base64 in text in base64, as headers and logs have it. */
const mostTurns = 3

/** A text, the same without the escapes of JSON, and the texts that it holds in base64. */
function layersOf(text: string, turn = 0): readonly string[] {
  const plain = text.replace(/\\{1,8}[nrt]/g, ' ').replace(/\\{1,8}(?=["'/])/g, '')
  const inside = turn === mostTurns ? [] : [...base64Runs(text, 40)].flatMap(({ text: run }) => decoded(run) ?? [])
  return [text, ...(plain === text ? [] : [plain]), ...inside.flatMap((each) => layersOf(each, turn + 1))]
}

function decoded(run: string): string | undefined {
  const bytes = bytesOfBase64(run)
  const text = bytes === undefined ? undefined : new TextDecoder().decode(bytes)
  return text?.includes('\ufffd') === true ? undefined : text
}
