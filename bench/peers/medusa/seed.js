const { ContainerRegistrationKeys, Modules } = require('@medusajs/framework/utils');
const flows = require('@medusajs/medusa/core-flows');

const CURRENCY = 'usd';
const COUNTRY = 'us';

/** `medusa exec ./seed.js PRODUCTS STOCK` fills a migrated database with a shop. */
exports.default = async ({ container, args }) => {
  const [products, stock] = args.map(Number);
  const run = async (flow, input) => (await flow(container).run({ input })).result;

  const [channel] = await run(flows.createSalesChannelsWorkflow, {
    salesChannelsData: [{ name: 'Shop' }],
  });
  await createStore(container, run, channel);
  const location = await createShipping(container, run, channel);
  await createProducts(run, channel, location.profile, products);

  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity: 'inventory_item', fields: ['id'] });
  await run(flows.createInventoryLevelsWorkflow, {
    inventory_levels: data.map(({ id }) => ({
      inventory_item_id: id,
      location_id: location.id,
      stocked_quantity: stock,
    })),
  });
};

const createStore = async (container, run, channel) => {
  const [key] = await run(flows.createApiKeysWorkflow, {
    api_keys: [{ title: 'Shop', type: 'publishable', created_by: '' }],
  });
  await run(flows.linkSalesChannelsToApiKeyWorkflow, { id: key.id, add: [channel.id] });
  const [store] = await container.resolve(Modules.STORE).listStores();
  await run(flows.updateStoresWorkflow, {
    selector: { id: store.id },
    update: {
      supported_currencies: [{ currency_code: CURRENCY, is_default: true }],
      default_sales_channel_id: channel.id,
    },
  });
  await run(flows.createRegionsWorkflow, {
    regions: [
      {
        name: 'Region',
        currency_code: CURRENCY,
        countries: [COUNTRY],
        payment_providers: ['pp_system_default'],
      },
    ],
  });
  await run(flows.createTaxRegionsWorkflow, [{ country_code: COUNTRY, provider_id: 'tp_system' }]);
};

/** Creates a place with stock and an option that ships from it for nothing. */
const createShipping = async (container, run, channel) => {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const [location] = await run(flows.createStockLocationsWorkflow, {
    locations: [{ name: 'Warehouse', address: { country_code: COUNTRY, address_1: '' } }],
  });
  const placed = { [Modules.STOCK_LOCATION]: { stock_location_id: location.id } };
  const provider = { fulfillment_provider_id: 'manual_manual' };
  await link.create({ ...placed, [Modules.FULFILLMENT]: provider });

  const [profile] = await run(flows.createShippingProfilesWorkflow, {
    data: [{ name: 'Parcels', type: 'default' }],
  });
  const set = await container.resolve(Modules.FULFILLMENT).createFulfillmentSets({
    name: 'Warehouse',
    type: 'shipping',
    service_zones: [{ name: 'Zone', geo_zones: [{ country_code: COUNTRY, type: 'country' }] }],
  });
  await link.create({ ...placed, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } });
  await run(flows.createShippingOptionsWorkflow, [
    {
      name: 'Free',
      price_type: 'flat',
      provider_id: 'manual_manual',
      service_zone_id: set.service_zones[0].id,
      shipping_profile_id: profile.id,
      type: { label: 'Free', description: 'Free', code: 'free' },
      prices: [{ currency_code: CURRENCY, amount: 0 }],
      rules: [
        { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
        { attribute: 'is_return', value: 'false', operator: 'eq' },
      ],
    },
  ]);
  await run(flows.linkSalesChannelsToStockLocationWorkflow, { id: location.id, add: [channel.id] });
  return { id: location.id, profile };
};

const createProducts = (run, channel, profile, count) =>
  run(flows.createProductsWorkflow, {
    products: Array.from({ length: count }, (_, index) => ({
      title: `Product ${index}`,
      status: 'published',
      shipping_profile_id: profile.id,
      sales_channels: [{ id: channel.id }],
      options: [{ title: 'Size', values: ['One'] }],
      variants: [
        {
          title: 'One',
          sku: `sku-${index}`,
          manage_inventory: true,
          options: { Size: 'One' },
          prices: [{ currency_code: CURRENCY, amount: 10 }],
        },
      ],
    })),
  });
