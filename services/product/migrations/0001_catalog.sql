-- Up Migration
-- A trusted extension: the owner of the database may create it without being superuser.
create extension if not exists pg_trgm;

create table categories (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null check (char_length(name) between 1 and 80),
  created_at timestamptz not null default now()
);

create table products (
  id uuid primary key,
  sku text not null,
  name text not null,
  description text not null,
  category text not null constraint products_category_fkey references categories (slug),
  price_minor int8 not null check (price_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- null: the generated picture
  image_url text,
  version int not null default 1 check (version > 0),
  -- Milliseconds, as JavaScript keeps them: a page's cursor must give back exactly the moment it was made from.
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  search tsvector not null generated always as (
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', replace(category, '-', ' ')), 'B')
    || setweight(to_tsvector('english', description), 'C')
  ) stored
);

-- A withdrawn product gives its SKU back.
create unique index products_sku_key on products (sku) where deleted_at is null;

-- One index for each way to walk the catalogue, with and without a category.
create index products_created_at_id_idx on products (created_at desc, id desc) where deleted_at is null;
create index products_price_minor_id_idx on products (price_minor, id) where deleted_at is null;
create index products_category_created_at_id_idx on products (category, created_at desc, id desc) where deleted_at is null;
create index products_category_price_minor_id_idx on products (category, price_minor, id) where deleted_at is null;
create index products_search_idx on products using gin (search) where deleted_at is null;
create index products_name_trgm_idx on products using gin (name gin_trgm_ops) where deleted_at is null;

-- Apart from products: it moves with every order, and a product's row with its search vector is too wide to copy each time.
create table popularity (
  product_id uuid primary key references products (id) on delete cascade,
  score int8 not null default 0
) with (fillfactor = 70);
create index popularity_score_product_id_idx on popularity (score desc, product_id desc);

-- Down Migration
drop table popularity;
drop table products;
drop table categories;
drop extension pg_trgm;
