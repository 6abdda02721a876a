/** The one page that may call the native routes of this tier's API. */
export const OUR_ORIGIN = "https://app.example.test";
