import { defineMessages } from '../../i18n/messages.ts';

/** Why a field cannot be sent: in general, or the rule of the field. */
export const faultMessages = defineMessages({
  en: {
    required: 'This is needed',
    repeated: 'Two rows have the same name',
    nameless: 'A row has no name',
    taken: 'Another product has this SKU',
    name: 'At most 200 characters, one of them visible, no line breaks',
    price: 'More than 0',
    stock: 'Zero or more',
    sku: 'At most 64 characters, one of them visible, no line breaks',
    description: 'At most 10,000 characters, no control characters',
    imageUrl: 'The address of the picture is not valid',
    metadata: 'At most 20 rows; names of 40 and values of 500 characters',
  },
  ko: {
    required: '꼭 필요해요',
    repeated: '이름이 같은 줄이 있어요',
    nameless: '이름이 없는 줄이 있어요',
    taken: '다른 상품이 쓰고 있는 SKU예요',
    name: '200자까지, 보이는 글자가 있어야 하고 줄을 바꿀 수 없어요',
    price: '0보다 커야 해요',
    stock: '0 이상이어야 해요',
    sku: '64자까지, 보이는 글자가 있어야 하고 줄을 바꿀 수 없어요',
    description: '10,000자까지, 제어 문자는 쓸 수 없어요',
    imageUrl: '사진 주소가 올바르지 않아요',
    metadata: '20줄까지, 이름은 40자, 값은 500자까지 쓸 수 있어요',
  },
});
