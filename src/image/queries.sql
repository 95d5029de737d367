-- name: InsertImage :exec
-- A second upload of the same file changes nothing: caches keep the image of the first.
insert into image.images (image_id, width, height, small, medium, large)
values (
  :imageId, :width::int, :height::int, :small::bytea, :medium::bytea, :large::bytea
)
on conflict do nothing;

-- name: FindImage :one
select width, height from image.images where image_id = :imageId;

-- name: ReadImage :one
-- Reads one size only: the others stay in their own pages.
select
  case :size::text when 'small' then small when 'medium' then medium else large end as "bytes!"
from image.images
where image_id = :imageId;
