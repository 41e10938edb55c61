/** What an input was read as, in the words of a report. */
export type InputForm =
  | 'an object'
  | 'JSON'
  | 'JSON text'
  | 'JSON bytes'
  | 'a JWT'
  | 'a baked PNG, whose picture is not signed'
  | 'a baked SVG, whose picture is not signed'
  | 'a JWT in a baked PNG, whose picture is not signed'
  | 'a JWT in a baked SVG, whose picture is not signed'
