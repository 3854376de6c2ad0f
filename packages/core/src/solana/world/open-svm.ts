import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'

/** What is used of litesvm's `LiteSVM`. Addresses are base58. */
export interface Svm {
  setAccount(account: {
    readonly address: string
    readonly lamports: bigint
    readonly data: Uint8Array
    readonly programAddress: string
    readonly executable: boolean
    readonly space: bigint
  }): void
  getAccount(
    address: string,
  ):
    | { readonly exists: false }
    | { readonly exists: true; readonly data: Uint8Array; readonly executable: boolean; readonly lamports: bigint }
  /** The signatures in their order, each 64 bytes; the names of the keys do not matter while they are not verified. */
  sendTransaction(transaction: { readonly messageBytes: Uint8Array; readonly signatures: Readonly<Record<string, Uint8Array>> }): SvmResult
  withSigverify(verify: boolean): Svm
  withBlockhashCheck(check: boolean): Svm
}

interface SvmMetadata {
  logs(): readonly string[]
  computeUnitsConsumed(): bigint
}

/** Only a failure has `err`. */
export type SvmResult = SvmMetadata | { err(): unknown; meta(): SvmMetadata; toString(): string }

export interface SvmLibrary {
  readonly version: string
  create(): Svm
}

/** The oldest litesvm that is used. 0.2.0 to 1.1.0 leave the x87 unit dirty, and Node aborts in its next garbage collection. */
const oldest = [1, 5] as const

/**
 * Loads litesvm, which is optional and 200 MB on disk.
 * @throws Eip3009Error `missing-package` when it is not installed, does not load on this machine, or is too old.
 */
export async function loadSvm(): Promise<SvmLibrary> {
  const version = await installedVersion()
  refuseOld(version)
  try {
    const { LiteSVM } = (await import('litesvm')) as unknown as { readonly LiteSVM: new () => Svm }
    return { version, create: () => new LiteSVM() }
  } catch (error) {
    throw new Eip3009Error(
      'missing-package',
      `litesvm ${version} is installed and does not load on this machine: ${quote(error instanceof Error ? error.message.split('\n', 1)[0] : error)}. Install it again: ${install}`,
      { cause: error },
    )
  }
}

const install = 'npm install litesvm@^1.5.0'

async function installedVersion(): Promise<string> {
  try {
    // The version is read before any of it is loaded.
    const { default: manifest } = await import('litesvm/package.json', { with: { type: 'json' } })
    return String((manifest as { readonly version: unknown }).version)
  } catch (error) {
    throw new Eip3009Error(
      'missing-package',
      `A replay on Solana needs the package litesvm, which is not installed. Install it: ${install}`,
      { cause: error },
    )
  }
}

/** @throws Eip3009Error `missing-package` when the version is one that crashes Node, or can not be read. */
export function refuseOld(version: string): void {
  const [major, minor] = /^(\d{1,4})\.(\d{1,4})\./.exec(version)?.slice(1).map(Number) ?? []
  if (major !== undefined && minor !== undefined && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1]))) return
  throw new Eip3009Error(
    'missing-package',
    `A replay on Solana needs litesvm ${oldest.join('.')}.0 or later; installed is ${quote(version)}, and versions before 1.4 make Node abort. Install it: ${install}`,
  )
}
