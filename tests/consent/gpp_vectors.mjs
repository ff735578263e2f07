// Makes gpp_vectors.json with the reference library, which is the oracle of our encoder:
//   npm install --no-save @iabgpp/cmpapi@3.2.0 && node gpp_vectors.mjs > gpp_vectors.json
import { GppModel } from "@iabgpp/cmpapi";

const vectors = [];
for (let n = 0; n < 81; n += 1) {
  const digits = [n % 3, Math.floor(n / 3) % 3, Math.floor(n / 9) % 3, Math.floor(n / 27) % 3];
  const [notice, sale, sharing, targeted] = digits;
  const model = new GppModel();
  const put = (field, value) => model.setFieldValue("usnat", field, value);
  put("SharingNotice", notice); put("SaleOptOutNotice", notice);
  put("SharingOptOutNotice", notice); put("TargetedAdvertisingOptOutNotice", notice);
  put("SaleOptOut", sale); put("SharingOptOut", sharing);
  put("TargetedAdvertisingOptOut", targeted);
  put("MspaCoveredTransaction", 2);
  const gpc = n % 2 === 1;
  put("GpcSegmentIncluded", gpc);
  if (gpc) put("Gpc", true);
  vectors.push({ notice, sale, sharing, targeted, gpc, text: model.encode() });
}
console.log(JSON.stringify(vectors, null, 0));
