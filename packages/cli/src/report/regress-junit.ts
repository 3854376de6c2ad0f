import { printable } from '@eip3009/core'
import { replaceHidden } from '@eip3009/core/internal'
import type { CaseResult } from '@eip3009/core/replay'
import { pathOf, type Regression, wanted } from './regress-summary.ts'

/**
 * JUnit's XML as CI systems read it: one suite for the directory, one test for each case; what differs is a failure, what could not be read or
 * replayed an error.
 */
export function regressionJunit({ directory, results, counts }: Regression): string {
  const seconds = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000
  const totals = {
    tests: counts.cases,
    failures: counts.differ,
    errors: counts.unreadable + counts.notRun,
    skipped: 0,
    time: seconds.toFixed(3),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'eip3009 regress', ...totals })}>`,
    `  <testsuite${attributes({ name: directory, ...totals })}>`,
    ...results.map((result) => testCase(directory, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(directory: string, result: CaseResult): string {
  const { name, outcome, says, network, milliseconds } = result
  const head = `    <testcase${attributes({
    name: result.expected === null ? name : `${name}: ${wanted(result)}`,
    classname: network === null ? 'eip3009' : `eip3009.${network}`,
    file: pathOf(directory, result),
    time: (milliseconds / 1000).toFixed(3),
  })}`
  if (outcome === 'as-expected') return `${head}/>`
  const element = outcome === 'differs' ? 'failure' : 'error'
  const { actual } = result
  const lines = [
    says,
    ...(actual?.revert == null ? [] : [`${actual.standIn ? 'Our stand-in says' : 'Token says'}: ${actual.revert}`]),
    ...(actual?.tokenSays == null ? [] : [`The token itself words it: ${actual.tokenSays}`]),
    ...(actual?.fix == null ? [] : [`Fix: ${actual.fix}`]),
  ]
  return [
    `${head}>`,
    `      <${element}${attributes({ message: says, type: actual?.cause ?? outcome })}>${escapeXml(lines.join('\n'))}</${element}>`,
    '    </testcase>',
  ].join('\n')
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escapeXml(String(value)).replace(/\s/g, (space) => (space === ' ' ? space : `&#${space.charCodeAt(0)};`))}"`,
    )
    .join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' }

/**
 * Everything that XML 1.0 has no way to write is replaced, lone surrogates included, since parsers refuse a whole document for one of them; and so is what
 * hides in a viewer or turns its text around. Line breaks stay, as entities where they are part of an attribute.
 */
function escapeXml(text: string): string {
  return replaceHidden(text, (character) => ('\t\n\r'.includes(character) ? character : printable(character))).replace(
    /[&<>"'\r]/g,
    (character) => entities[character] ?? character,
  )
}
