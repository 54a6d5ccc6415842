"""What opens an account at WeChat Pay, as its merchant platform calls it."""

from core.language import mark
from core.payments.providers import CredentialField

_PEM = r"\s*-----BEGIN {0}-----[A-Za-z0-9+/=\s]{{300,3600}}-----END {0}-----\s*"
FIELDS = (
    CredentialField(
        name="mchid",
        label=mark("商户号"),
        hint=mark("微信支付商户平台“账户中心”里的数字。"),
        pattern=r"[0-9]{8,10}",
        refusal=mark("商户号是 8 到 10 位数字"),
    ),
    CredentialField(
        name="appid",
        label=mark("公众号或小程序的 AppID"),
        hint=mark("已经与商户号绑定的那一个，以 wx 开头。"),
        pattern=r"wx[0-9a-zA-Z]{16}",
        refusal=mark("AppID 以 wx 开头，后面是 16 个字母或数字"),
    ),
    CredentialField(
        name="serial",
        label=mark("商户证书序列号"),
        hint=mark("“账户中心 - API 安全”里，申请商户 API 证书后显示。"),
        pattern=r"[0-9A-Fa-f]{40}",
        refusal=mark("证书序列号是 40 位的 0 到 9、A 到 F"),
    ),
    CredentialField(
        name="private_secret",
        label=mark("商户私钥"),
        hint=mark("文件 apiclient_key.pem 的全部内容。"),
        pattern=_PEM.format("PRIVATE KEY"),
        refusal=mark("请粘贴 apiclient_key.pem 的全部内容，连同首尾两行"),
        is_long=True,
    ),
    CredentialField(
        name="v3_secret",
        label=mark("APIv3 密钥"),
        hint=mark("您自己在“API 安全”里设置的 32 个字符。"),
        pattern=r"[0-9A-Za-z]{32}",
        refusal=mark("APIv3 密钥是 32 个字母或数字"),
    ),
    CredentialField(
        name="public_key_id",
        label=mark("微信支付公钥 ID"),
        hint=mark("“API 安全 - 微信支付公钥”里，以 PUB_KEY_ID_ 开头。"),
        pattern=r"PUB_KEY_ID_[0-9A-Za-z_]{8,60}",
        refusal=mark("公钥 ID 以 PUB_KEY_ID_ 开头，请原样复制"),
    ),
    CredentialField(
        name="public_key",
        label=mark("微信支付公钥"),
        hint=mark("文件 pub_key.pem 的全部内容。"),
        pattern=_PEM.format("PUBLIC KEY"),
        refusal=mark("请粘贴 pub_key.pem 的全部内容，连同首尾两行"),
        is_long=True,
    ),
    CredentialField(
        name="app_secret",
        label=mark("公众号密钥 AppSecret（可以先不填）"),
        hint=mark(
            "填了，在微信里打开本站的人可以直接付；要先在公众平台把本站设为网页授权域名，在商户平台把本站设为支付目录。"
        ),
        pattern=r"[0-9a-f]{32}",
        refusal=mark("AppSecret 是 32 位的 0 到 9、a 到 f"),
        is_optional=True,
    ),
)
