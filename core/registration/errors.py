"""What can be refused."""

from core.errors import Conflict, Invalid, NotFound, TooMany


class CodeNotFound(NotFound):
    """No code was asked for under this address, or it is long over."""

    message = "这个页面已经过期，请重新获取验证码"


class CodeOver(Conflict):
    """Used, too old, or tried too often."""

    message = "验证码已经失效，请重新获取"


class CodeWrong(Invalid):
    """Another number was typed. The try counts, however the request ends."""

    message = "验证码不对，还可以再试 %(left)s 次"
    field = "code"
    leaves_a_mark = True


class TooManyCodes(TooMany):
    """Too many codes for this phone, known or not, or from this address."""

    message = "获取验证码太频繁，请 %(minutes)s 分钟后再试"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s


class NoAccount(Conflict):
    """Said only to who has proven that the phone is his."""

    message = "这个手机号还没有注册"


class AlreadyRegistered(Conflict):
    """Said only to who has proven that the phone is his."""

    message = "这个手机号已经注册，请直接登录；忘了密码可以重设"


class NameMalformed(Invalid):
    """A name is 1 to 40 printable characters."""

    message = "姓名要有 1 到 40 个字"
    field = "name"


class ConsentMissing(Invalid):
    """No account without having read what is kept."""

    message = "请先阅读并同意隐私说明"
    field = "agreed"


class ConsentUnknown(NotFound):
    """No such purpose."""

    message = "没有这一项同意"


class ConsentNeeded(Conflict):
    """What an account cannot do without ends with the account."""

    message = "没有这一项就不能有账号，这里不能撤回；请联系社区工作人员"


class NotYours(Conflict):
    """A worker issues codes for strangers and for residents of his places who hold no role."""

    message = "这个手机号的居民不在您负责的地方，或者担任着角色，请本人用短信验证码办理"


class ConsentElsewhere(Conflict):
    """Agreed to with the number itself, or before a worker, who sees the card."""

    message = "请在“实名”页填写身份证号，或带身份证到社区办理"


class NotGuardian(NotFound):
    """No such child of this person; nobody learns whose it is."""

    message = "没有找到由您监护的这个孩子"


class GuardianConsentMissing(Conflict):
    """The guardian of a minor has not agreed to this, or has taken it back."""

    message = "未满 18 岁，要先由监护人在“我的孩子”里同意这一项"


class NameVerified(Conflict):
    """It stands on the card that a worker has seen."""

    message = "姓名已经按身份证核验，要更正请带身份证到社区"


class ResidentNotFound(NotFound):
    """Nobody of this number lives in the worker's places."""

    message = "您负责的地方没有这位居民"


class OwnCard(Conflict):
    """Nobody is his own witness."""

    message = "不能核验自己的身份证，请另一位工作人员办理"


class IdentityKnown(Conflict):
    """The person has a number already, and it is another one."""

    message = "这位居民已经用另一个身份证号核验过，请先由本人撤回"


class IdentityTaken(Invalid):
    """Somebody has this number; whose account it is, nobody is told."""

    message = "这个身份证号已经登记过，不能再登记一次"
    field = "identity_number"


class IdentityOfMinor(Invalid):
    """A minor's number is given by the guardian, before a worker."""

    message = "未满 18 岁，请监护人带孩子的证件到社区，由工作人员当面办理"
    field = "identity_number"


class TooManyNumbers(TooMany):
    """Whoever may try again and again learns which number belongs to which name."""

    message = "今天填写身份证号的次数太多，请明天再试，或带身份证到社区办理"
    retry_after_s = 86_400


class IdentityRefused(Invalid):
    """Whoever checks numbers says that this is not the person's."""

    message = "核验没有通过，请核对姓名和身份证号"
    field = "identity_number"
