// Vendure with its defaults: `node server.js seed PRODUCTS STOCK` fills an empty database,
// `node server.js serve` starts the store API.
import { writeFile } from 'node:fs/promises';
import {
  DefaultLogger,
  LanguageCode,
  LogLevel,
  bootstrap,
  dummyPaymentHandler,
  mergeConfig,
  defaultConfig,
} from '@vendure/core';
import { populate } from '@vendure/core/cli/index.js';

const [mode, products, stock] = process.argv.slice(2);

const config = mergeConfig(defaultConfig, {
  apiOptions: { hostname: '127.0.0.1', port: Number(process.env.PORT), cors: false },
  // In production Vendure refuses its default password.
  authOptions: {
    superadminCredentials: { identifier: 'superadmin', password: process.env.SUPERADMIN_PASSWORD },
  },
  dbConnectionOptions: {
    type: 'postgres',
    url: process.env.DATABASE_URL,
    synchronize: mode === 'seed',
    migrations: [],
  },
  logger: new DefaultLogger({ level: LogLevel.Warn }),
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
});

const SHOP = {
  defaultLanguage: LanguageCode.en,
  defaultZone: 'Americas',
  countries: [{ code: 'US', name: 'United States', zone: 'Americas' }],
  taxRates: [{ name: 'No tax', percentage: 0 }],
  shippingMethods: [{ name: 'Free', price: 0 }],
  paymentMethods: [
    {
      name: 'Dummy',
      handler: {
        code: dummyPaymentHandler.code,
        arguments: [{ name: 'automaticSettle', value: 'true' }],
      },
    },
  ],
  collections: [],
};

const HEAD =
  'name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,' +
  'stockOnHand,trackInventory,variantAssets,variantFacets';

/** One variant for each product, in the format of Vendure's import. */
const productsAsCsv = () =>
  Array.from(
    { length: Number(products) },
    (_, index) =>
      `Product ${index},product-${index},,,,,,sku-${index},10.00,No tax,${stock},true,,`,
  );

if (mode === 'seed') {
  await writeFile('products.csv', [HEAD, ...productsAsCsv()].join('\n'));
  const app = await populate(() => bootstrap(config), SHOP, 'products.csv');
  await app.close();
  process.exit(0);
} else {
  await bootstrap(config);
}
