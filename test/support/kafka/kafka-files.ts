import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../find-program.ts';

const run = promisify(execFile);

const CACHE = new URL('../../../node_modules/.cache/', import.meta.url).pathname;
/** Grows with every change of the files. */
const FOLDER = join(CACHE, 'kafka-1');
const POM = new URL('pom.xml', import.meta.url).pathname;
/** Maven fetches 44 MB the first time. */
const FETCH_TIMEOUT_MS = 240_000;
/** Ten years. */
const VALID_DAYS = '3650';

/** The programs that start a broker, and its files. */
export interface KafkaFiles {
  readonly java: string;
  /** The jars of Apache Kafka. */
  readonly classPath: string;
  /** The key and the certificate of the broker, in PKCS 12. */
  readonly keyStore: string;
  readonly keyStorePassword: string;
  /** The certificate of the broker, which nobody else has signed, in PEM. */
  readonly certificate: string;
}

const PASSWORD = 'changeit';

/**
 * Finds Java and the files of a broker; fetches the jars with Maven the first time. Returns the
 * reason where the machine has no Java or Maven; rejects where they fail.
 */
export const findKafkaFiles = async (): Promise<KafkaFiles | string> => {
  const java = await findProgram(['java']);
  const keytool = await findProgram(['keytool']);
  const maven = await findProgram(['mvn']);
  if (java === undefined || keytool === undefined) return 'no java and keytool in the PATH';
  if (maven === undefined) return 'no mvn in the PATH, which fetches Apache Kafka';
  const isThere = await access(FOLDER).then(
    () => true,
    () => false,
  );
  if (!isThere) await makeFolder(maven, keytool);
  return {
    java,
    classPath: join(FOLDER, 'jars', '*'),
    keyStore: join(FOLDER, 'broker.p12'),
    keyStorePassword: PASSWORD,
    certificate: join(FOLDER, 'broker.pem'),
  };
};

/** Makes the folder under another name first, so that it is complete when it is found. */
const makeFolder = async (maven: string, keytool: string): Promise<void> => {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'kafka-new-'));
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
    const to = `-DoutputDirectory=${join(folder, 'jars')}`;
    await run(maven, ['-q', '-B', '-f', POM, ...goal, to], { timeout: FETCH_TIMEOUT_MS });
    const store = ['-keystore', join(folder, 'broker.p12'), '-storepass', PASSWORD];
    const key = ['-alias', 'broker', '-keyalg', 'EC', '-validity', VALID_DAYS];
    const names = ['-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1,dns:localhost'];
    await run(keytool, ['-genkeypair', ...store, ...key, ...names, '-storetype', 'PKCS12']);
    const out = ['-rfc', '-file', join(folder, 'broker.pem')];
    await run(keytool, ['-exportcert', ...store, '-alias', 'broker', ...out]);
    await rename(folder, FOLDER).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
