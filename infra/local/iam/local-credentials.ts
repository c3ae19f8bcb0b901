/** Emulators take any credentials, but the SDK wants some. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
