import { builtInNetworks, type DomainOrigin, printable, type SeparatorSearch } from '@eip3009/core'
import { domainText, domainType } from '@eip3009/core/internal'
import { paint, wrap } from '@eip3009/core/report'
import type { IdentifiedDocument } from './documents.ts'

interface Style {
  readonly color: boolean
  readonly columns: number
  readonly hinted: boolean
}

const labelWidth = 19

/** The domain that was found, what it has to do with known tokens, and how much was tried. */
export function renderIdentified({ separator, found, tried }: SeparatorSearch, { color, columns, hinted }: Style): string {
  const { good, bad, warn, strong, dim } = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines: string[] = []
  const row = (label: string, text: string): void => {
    for (const [index, part] of wrap(printable(text), width - labelWidth - 2).entries()) {
      lines.push(`  ${dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    }
  }
  if (found === undefined) {
    lines.push(`${bad('✗ NOT FOUND'.padEnd(14))} ${strong(`None of ${tried} domains gives this separator.`)}`)
    row('separator', separator)
    const more = hinted
      ? 'Other values may find it: name() and version() of the contract, its address, the chain id.'
      : 'Give what is known of it.'
    row('Hints', `${more} --hint name="GLUE Token" --hint version=1 --hint network=base --hint contract=0x…`)
    return `${lines.join('\n')}\n`
  }
  const [first] = found.origins
  const mark = first?.standing === 'token' ? good : warn
  lines.push(`${mark('✓ FOUND'.padEnd(14))} ${strong(first === undefined ? '' : printable(originText(first)))}`)
  for (const field of found.fields) {
    const value = found.domain[field]
    row(field, field === 'name' || field === 'version' ? `"${value}"` : `${value}${chainName(field, value)}`)
  }
  row('separator', separator)
  row('type', domainType(found.fields))
  for (const origin of found.origins) if (origin.seenIn !== undefined) row('seen in', origin.seenIn)
  for (const origin of found.origins.slice(1)) row('also', originText(origin))
  row('tried', `${tried} domain${tried === 1 ? '' : 's'}`)
  return `${lines.join('\n')}\n`
}

function originText({ of, why }: DomainOrigin): string {
  return of === undefined ? `Found, but ${why}` : `${of}: ${why}`
}

/** Which network a chain id, or a salt that holds one, is of. */
function chainName(field: string, value: string | bigint | undefined): string {
  if (value === undefined || (field !== 'chainId' && field !== 'salt')) return ''
  const id = BigInt(value)
  const network = [...builtInNetworks.all, ...builtInNetworks.foreign].find(
    (each) => each.family !== 'solana' && BigInt(each.chainId) === id,
  )
  return network === undefined ? '' : ` (${network.id}${field === 'salt' ? `, ${id}` : ''})`
}

export function identifiedJson({ separator, found, tried }: SeparatorSearch): IdentifiedDocument {
  return {
    schema: 'eip3009/identify@1',
    separator,
    tried,
    found:
      found === undefined
        ? null
        : {
            domain: domainText(found.domain),
            fields: found.fields,
            layout: found.layout,
            origins: found.origins,
          },
  }
}
