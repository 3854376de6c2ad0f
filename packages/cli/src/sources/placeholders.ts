/** A text with its `${NAME}`s in place, or the name of the first that nothing is known for. */
export type Expanded = { readonly text: string } | { readonly missing: string }

/**
 * Puts variables in, as Foundry does in a foundry.toml: `${NAME}`, with or without spaces around the name; a variable that is set and empty is set.
 * Source: crates/config/src/resolve.rs of foundry-rs/foundry.
 */
export function expand(text: string, find: (name: string) => string | undefined): Expanded {
  let missing: string | undefined
  const expanded = text.replace(/\$\{\s*(.*?)\s*\}/g, (_, name: string) => {
    const value = find(name)
    if (value === undefined) missing ??= name
    return value ?? ''
  })
  return missing === undefined ? { text: expanded } : { missing }
}
