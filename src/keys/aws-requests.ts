import { KeyError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { ServiceProtocol, ServiceRefusal, ServiceRequest } from './service-call.js'
import { FAULTS, faultOfStatus, ServiceFailure, type ServiceFault } from './service-failure.js'

/** Credentials of AWS, in the form that its SDK uses. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Gives credentials each time they are needed, and fresh ones for `forceRefresh`: the providers of the AWS SDK fit. */
export type AwsCredentialProvider = (options: {
  readonly forceRefresh: boolean
}) => AwsCredentials | Promise<AwsCredentials>

/** The operations of KMS that komma uses. */
export type AwsOperation = 'DescribeKey' | 'GetPublicKey' | 'Sign'

/** The headers that a signature adds to those of the request. */
const ADDED = ['authorization', 'x-amz-date', 'x-amz-security-token']
const CREDENTIAL = /^[\x21-\x7e]{1,16384}$/
const TYPE = /^[A-Za-z]{1,60}$/

const CLOCK_HINT = 'Check the secret, and the clock of this machine: AWS refuses signatures that are minutes off.'

const FAULT_OF_TYPE: Readonly<Record<string, ServiceFault>> = {
  ThrottlingException: FAULTS.busy,
  Throttling: FAULTS.busy,
  LimitExceededException: FAULTS.busy,
  RequestLimitExceeded: FAULTS.busy,
  TooManyRequestsException: FAULTS.busy,
  DependencyTimeoutException: FAULTS.broken,
  KMSInternalException: FAULTS.broken,
  KeyUnavailableException: FAULTS.broken,
  InternalFailure: FAULTS.broken,
  InternalServerError: FAULTS.broken,
  ServiceUnavailable: FAULTS.broken,
  ServiceUnavailableException: FAULTS.broken,
  RequestTimeout: FAULTS.broken,
  ExpiredTokenException: FAULTS.expired,
  ExpiredToken: FAULTS.expired,
  RequestExpired: FAULTS.expired,
  UnrecognizedClientException: FAULTS.denied,
  InvalidClientTokenId: FAULTS.denied,
  MissingAuthenticationToken: FAULTS.denied,
  MissingAuthenticationTokenException: FAULTS.denied,
  IncompleteSignature: FAULTS.denied,
  IncompleteSignatureException: FAULTS.denied,
  InvalidSignatureException: { ...FAULTS.denied, hint: CLOCK_HINT },
  SignatureDoesNotMatch: { ...FAULTS.denied, hint: CLOCK_HINT },
  AccessDeniedException: FAULTS.denied,
  AccessDenied: FAULTS.denied,
  InvalidGrantTokenException: FAULTS.denied,
  OptInRequired: FAULTS.denied,
  DisabledException: FAULTS.disabled,
  KMSInvalidStateException: FAULTS.disabled,
  NotFoundException: FAULTS.notFound,
  InvalidKeyUsageException: FAULTS.purpose
}

/** A request to KMS in the JSON protocol of AWS. */
export function kmsRequest(
  operation: AwsOperation,
  body: JsonObject,
  endpoint: string,
  region: string
): ServiceRequest {
  return {
    method: 'POST',
    url: `${endpoint}/`,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `TrentService.${operation}` },
    body,
    scope: region
  }
}

/**
 * The package that signs requests. It is loaded when a store is opened, so that nobody else has to install it.
 *
 * @throws {KeyError} KEY_STORE_IO where it is not installed
 */
export async function loadAwsSigner(load = () => import('aws4fetch')): Promise<AwsSigner> {
  try {
    return (await load()).AwsV4Signer
  } catch (cause) {
    throw new KeyError(
      {
        code: 'KEY_STORE_IO',
        message: 'the package that signs requests to AWS cannot be loaded',
        hint: 'npm install aws4fetch'
      },
      { cause }
    )
  }
}

type AwsSigner = typeof import('aws4fetch').AwsV4Signer

/** Signs requests with Signature Version 4, and reads the errors of KMS. */
export function awsProtocol(Signer: AwsSigner, credentials: AwsCredentialProvider, clock: () => Date): ServiceProtocol {
  return {
    async authorize({ method, url, headers, scope }, body, renew) {
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials({ forceRefresh: renew })
      const texts = [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])]
      // The platform's own error about a header that cannot be sent would quote it.
      if (!texts.every((text) => typeof text === 'string' && CREDENTIAL.test(text))) throw unusable()
      const signer = new Signer({
        method,
        url,
        ...(headers === undefined ? {} : { headers: { ...headers } }),
        ...(body === undefined ? {} : { body }),
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        service: 'kms',
        ...(scope === undefined ? {} : { region: scope }),
        datetime: clock()
          .toISOString()
          .replaceAll(/[:-]|\.\d{3}/g, '')
      })
      const signed = (await signer.sign()).headers
      return Object.fromEntries([...signed].filter(([name]) => ADDED.includes(name)))
    },
    judge
  }
}

function unusable(): ServiceFailure {
  return new ServiceFailure({
    code: 'KEY_ACCESS_DENIED',
    unasked: true,
    message: 'the application gave no usable credentials for AWS',
    expected: 'accessKeyId, secretAccessKey and, where it is a temporary one, sessionToken'
  })
}

// The message of an error may quote what was signed, a session token included: it is not passed on.
function judge({ status, headers, body }: ServiceRefusal): ServiceFault {
  const named = headers.get('x-amzn-errortype') ?? body['__type'] ?? body['code']
  const type = typeof named === 'string' ? (named.split('#').at(-1)?.split(':', 1)[0] ?? '') : ''
  const got = TYPE.test(type) ? type : `status ${status}`
  const known = Object.hasOwn(FAULT_OF_TYPE, type) ? FAULT_OF_TYPE[type] : undefined
  return { ...(known ?? faultOfStatus(status)), got }
}
