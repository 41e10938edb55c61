/**
 * A JSON Schema of 2019-09 with the keywords that the schemas of this package use, in the form that is checked:
 * generation puts the members into the order in which they are checked, and stops at any other keyword.
 */
export type Schema = boolean | Keywords

export interface Keywords {
  /** The name of a definition. */
  readonly $ref?: string
  readonly const?: Scalar
  readonly enum?: readonly Scalar[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  /** The condition, what holds `then`, and what holds `else`. */
  readonly if?: readonly [Schema, Schema, Schema]
  readonly type?: string | readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: Schema | readonly Schema[]
  readonly additionalItems?: Schema
  readonly contains?: Schema
  readonly uniqueItems?: true
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema
  readonly properties?: { readonly [member: string]: Schema }
}

export type Scalar = string | number | boolean

/** Schemas by name. */
export interface Definitions {
  readonly [name: string]: Schema
}
