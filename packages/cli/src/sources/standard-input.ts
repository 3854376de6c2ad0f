/** What `-` stands for among the arguments. */
export const standardInput = '<standard input>'
