-- One row a customer. The column names are the field names of customer_360.proto.
with purchases as (
    select
        o_custkey,
        sum(l_quantity) as items,
        coalesce(sum(l_quantity) filter (l_returnflag = 'R'), 0) as returned_items
    from '${warehouse}/orders/*.parquet'
    join '${warehouse}/lineitem/*.parquet' on l_orderkey = o_orderkey
    group by o_custkey
),

segments as (
    select
        o_custkey,
        case
            when l_extendedprice < 1200 * l_quantity then 'PRICE_SEGMENT_BUDGET'
            when l_extendedprice < 1600 * l_quantity then 'PRICE_SEGMENT_STANDARD'
            else 'PRICE_SEGMENT_PREMIUM'
        end as segment,
        sum(l_quantity) as items
    from '${warehouse}/orders/*.parquet'
    join '${warehouse}/lineitem/*.parquet' on l_orderkey = o_orderkey
    group by o_custkey, segment
),

favourites as (
    -- The order makes equal counts come out the same every time.
    select o_custkey, first(segment order by items desc, segment) as favourite_segment
    from segments
    group by o_custkey
),

order_history as (
    select
        o_custkey,
        count(*) as orders,
        sum(o_totalprice) as spend,
        max(o_orderdate) as last_order_at,
        first(o_totalprice order by o_orderdate desc, o_orderkey desc) as last_order,
        list(o_orderkey order by o_orderdate desc, o_orderkey desc)[1:5] as recent_order_ids
    from '${warehouse}/orders/*.parquet'
    group by o_custkey
)

select
    c_custkey as customer_id,
    c_name as name,
    c_phone as phone,
    c_mktsegment as market_segment,
    100 * c_acctbal as account_balance_cents,
    coalesce(100 * spend, 0) as lifetime_spend_cents,
    coalesce(orders, 0) as orders,
    coalesce(items, 0) as items,
    coalesce(returned_items, 0) as returned_items,
    last_order_at,
    100 * last_order as last_order_cents,
    coalesce(favourite_segment, 'PRICE_SEGMENT_UNSPECIFIED') as favourite_segment,
    coalesce(recent_order_ids, []) as recent_order_ids
from '${warehouse}/customer.parquet'
left join order_history on order_history.o_custkey = c_custkey
left join purchases on purchases.o_custkey = c_custkey
left join favourites on favourites.o_custkey = c_custkey
