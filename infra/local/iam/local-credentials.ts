/** Emulators accept any credentials, but the SDK requires some. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
