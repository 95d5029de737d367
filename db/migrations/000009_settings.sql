-- compatible: expand
-- Amounts are integers without a unit. With another currency every one of them would mean something
-- else, so the first start records the currency.

create table moa.settings (
  is_only boolean primary key default true,
  currency text not null,
  recorded_at timestamptz(3) not null default now(),
  constraint settings_have_one_row check (is_only),
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);

comment on table moa.settings is
'The only row is what every process on this database must have in common. It is never updated.
`currency` is the unit of all amounts (ISO 4217).';
