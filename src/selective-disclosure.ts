export type { JsonObject, JsonValue } from './encoding/json-types.js'
export { type DeriveOptions, deriveCredential } from './issuing/derive.js'
export { createEcdsaSd2023, type EcdsaSd2023Options, ecdsaSd2023 } from './securing/sd/ecdsa-sd-2023.js'
