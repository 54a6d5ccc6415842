// Inside WeChat's own browser: opens its window to pay, and then has the provider asked. The only script here.
const button = document.querySelector("[data-wechat]");

function pay() {
  WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(button.dataset.wechat), () => {
    location.href = button.dataset.back;
  });
}

button?.addEventListener("click", () => {
  if (window.WeixinJSBridge) pay();
  else document.addEventListener("WeixinJSBridgeReady", pay, { once: true });
});
