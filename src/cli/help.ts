import { Help, type Option } from 'commander'

/** What exit codes mean where a command does something; the others say it in their own words. */
const EXIT_CODES = '0 done, 1 refused because of what a file or the password says, 2 could not run'

export const EXIT_CODES_OF_ALL =
  '0 done, 1 refused because of what a file or the password says, or some rows of a batch failed, 2 could not run'

/** The end of the help of a command: what its exit codes mean, and an example. */
export function helpEnd(example: string, exitCodes: string = EXIT_CODES): string {
  return `\nExit codes: ${exitCodes}.\n\nExample:\n  ${example}`
}

/** The description of an option in the help; one that has to be given says so. */
export function describeOption(option: Option): string {
  const text = new Help().optionDescription(option)
  return option.mandatory ? `${text} (required)` : text
}
