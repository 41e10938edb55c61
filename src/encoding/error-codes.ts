/**
 * Every code an error of this library can carry, with what it means. Codes are stable: one is never renamed and never
 * given another meaning. `docs/errors.md` lists the same table, and a test compares the two.
 */
export const ERROR_CODES = {
  OPTION_INVALID: 'An option of a call is missing, of the wrong type, or contradicts another option.',
  PASSWORD_REQUIRED: 'A password is needed, and there is no way to ask for it.',
  FILE_NOT_FOUND: 'A file or folder that was named is not there.',
  FILE_EXISTS: 'Something else lies already where a file or folder shall be made.',
  FILE_IO: 'A file or folder could not be read or written.',
  INTERNAL_ERROR: 'A dependency or a step inside the library failed in a way it did not expect.',
  SELF_TEST_FAILED:
    'The build judges a known badge wrongly: a dependency was replaced, or the runtime lacks something.',

  INPUT_TYPE: 'The input is not one of the forms the call takes.',
  INPUT_TOO_LARGE: 'The input is longer than the limit for its kind.',
  INPUT_NOT_UTF8: 'The bytes are not UTF-8, or start with a byte order mark.',
  JSON_SYNTAX: 'The text is not JSON.',
  JSON_DUPLICATE_MEMBER: 'An object names the same member twice.',
  JSON_FORBIDDEN_MEMBER: 'A member is called __proto__, constructor or prototype.',
  JSON_TOO_DEEP: 'Arrays and objects are nested deeper than the limit.',
  JSON_TOO_MANY_ITEMS: 'There are more members and elements than the limit.',
  JSON_NUMBER_RANGE: 'A number cannot be represented safely.',
  JSON_STRING_MALFORMED: 'A string contains half a surrogate pair.',
  JSON_VALUE_TYPE: 'A value is not a JSON value.',
  JWS_MALFORMED: 'A text is not a JWT in the compact form with three segments of base64url.',

  SCHEMA_INVALID: 'A value breaks the JSON Schema of its class.',
  ENCODING_INVALID: 'A base58, base64url, hexadecimal, multibase or CBOR value does not decode.',
  POINTER_INVALID: 'A JSON Pointer is malformed, or points at nothing.',
  DATE_INVALID: 'A date and time is not a valid dateTimeStamp.',
  DATE_NO_OFFSET: 'A date and time has no time zone.',
  DURATION_INVALID: 'A duration is not an ISO 8601 duration that the calendar can add.',

  CONTEXT_UNKNOWN: 'A JSON-LD context is neither bundled nor registered by the caller.',
  CONTEXT_DIGEST_MISMATCH: 'The content of a JSON-LD context is not the content with the stated digest.',
  CONTEXT_UNSAFE: 'A JSON-LD context that the caller brings could change what other members mean.',
  UNDEFINED_TERM: 'A property or type is not defined by the contexts, so it would not be signed.',
  CANONICALIZATION_FAILED: 'The document cannot be turned into canonical RDF.',
  CANONICALIZATION_LIMIT: 'The document needs more work to canonicalise than the limit allows.',

  KEY_INVALID: 'The bytes are not a usable key of the stated kind.',
  KEY_NOT_FOUND: 'The key store, controller document or key set has no such key.',
  KEY_EXISTS: 'A key with this id is in the key store already.',
  KEY_FILE_EXISTS: 'There is a file already where a key file shall be made.',
  KEY_FILE_UNLOCK: 'The password is wrong, or the key file was changed.',
  KEY_FILE_DAMAGED: 'The key file is not complete or not a key file.',
  KEY_FILE_PERMISSIONS: 'Others can read or write the key file.',
  KEY_FILE_PARAMETERS: 'The key derivation parameters of the key file are out of bounds.',
  KEY_EXPIRED: 'The time in which the key signs is over.',
  KEY_REVOKED: 'The key was declared compromised.',
  KEY_ISSUER: 'The key signs for another issuer already.',
  KEY_STORE_IO: 'The key store could not be read or written.',
  KEY_STORE_ANSWER: 'The key service or device handed back something that does not answer the request.',
  KEY_ACCESS_DENIED: 'The key service or device does not accept the credentials, or does not let them use the key.',
  KEY_DISABLED:
    'The key is there, but its store does not let it sign: disabled, about to be destroyed, or past its time.',
  KEY_PURPOSE: 'The key is for another purpose than signing, or for other signatures.',
  KEY_UNSUPPORTED: 'The key, or the key service or device, is of a kind that cannot make the signatures of issuers.',
  KEY_MESSAGE_TOO_LONG: 'The key service or device signs no message of this length.',
  PASSWORD_INVALID: 'The password is empty or not text.',
  CRYPTO_UNAVAILABLE: 'This runtime cannot check signatures of this kind, and no provider was given.',
  SIGNATURE_OWN_CHECK_FAILED: 'A fresh signature does not verify with the pinned public key.',

  DID_INVALID: 'A DID or DID URL is malformed or its method is not supported.',
  ISSUER_KEY_MISMATCH: 'The key does not belong to the issuer.',
  RESOLUTION_FAILED: 'A controller document, key set, status list or other document could not be read.',
  RESOLUTION_INVALID: 'What the resolver handed back is not what was asked for.',

  DEFINITION_INVALID: 'A competency definition breaks a rule of its format.',
  AWARD_INVALID: 'An award breaks a rule of its format or of the definition.',
  AWARD_INCOMPLETE: 'An award lacks something the definition requires.',
  JWT_SUBJECT_REQUIRED: 'A badge shall be a JWT, and its recipient has no id that the JWT could state.',
  CREDENTIAL_INVALID: 'A credential that was about to be signed breaks a rule.',
  PROOF_BASE_SHOWN: 'A base proof of ecdsa-sd-2023 was shown, which is for the holder alone.',
  VALIDITY_ORDER: 'validUntil is not after validFrom.',
  OB_SINGLE_STATUS: 'Open Badges 3.0 allows one credentialStatus.',

  STATUS_LIST_FULL: 'No slot is free in the status list.',
  STATUS_IDEMPOTENCY_CONFLICT: 'The idempotency key was used for another request.',
  STATUS_UNKNOWN_CREDENTIAL: 'The store has no record of this credential.',
  STATUS_NO_ENTRY: 'The credential has no status entry of this purpose.',
  STATUS_FINAL: 'A revocation or refresh cannot be taken back.',
  STATUS_UNKNOWN_LIST: 'The store has no such status list.',
  STATUS_CREDENTIAL_EXISTS: 'Another issuance in the store has this credential id.',
  STATUS_CONFLICT: 'Somebody else changed the record or published the list at the same time.',
  STATUS_STORE_IO: 'The status store could not be read or written.',
  STATUS_STORE_BEHIND:
    'What was published is newer than what the status store knows, as after an old backup was put back.',
  STATUS_STORE_ANSWER: 'The status store handed back something that does not answer the request.',
  STATUS_STORE_UNSUPPORTED: 'This runtime, file or database cannot carry the status store.',
  STATUS_LIST_MALFORMED: 'An encoded status list cannot be read.',
  STATUS_LIST_LENGTH: 'A status list is shorter than the standard allows.',
  STATUS_RANGE: 'A status index lies outside the list.',

  CSV_MALFORMED: 'A CSV file, or a line of one, cannot be read.',
  BATCH_QUEUE_IO: 'The queue of a batch could not be read or written.',
  BATCH_STOPPED: 'A batch could not go on; its cause says why, its progress how far it got.',
  PUBLICATION_IO: 'The place where documents are published could not be read or written.',
  PUBLICATION_UNFENCED: 'The place where documents are published cannot compare before it writes.',

  BUNDLE_MALFORMED: 'A file is not an offline bundle, or a damaged one.',

  BAKED_NOT_PNG: 'The bytes are not a PNG image.',
  BAKED_NOT_SVG: 'The text or bytes are not an SVG image.',
  BAKED_MALFORMED: 'The image is damaged or not well-formed.',
  BAKED_LIMIT: 'The image is larger or has more parts than the limit.',
  BAKED_NOT_FOUND: 'The image carries no credential.',
  BAKED_OPEN_BADGES_2: 'The image carries an Open Badges 2.0 assertion.',
  BAKED_EXISTS: 'The image carries a credential already, and replacing it was ruled out.',
  BAKED_MULTIPLE: 'The image carries more than one credential.',
  BAKED_COMPRESSED: 'The credential in the image is compressed, which Open Badges 3.0 forbids.',
  BAKED_MISPLACED: 'The credential lies deeper in the image than Open Badges 3.0 allows.',
  BAKED_SCRIPTS: 'The image can run scripts or load other files.'
} as const

/** The closed set of codes of {@link KommaError}. */
export type KommaErrorCode = keyof typeof ERROR_CODES
