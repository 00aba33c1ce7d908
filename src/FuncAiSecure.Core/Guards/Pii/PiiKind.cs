namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>Kinds of personal data and secrets that the engine knows.</summary>
public enum PiiKind
{
    /// <summary>E-mail address.</summary>
    Email,

    /// <summary>Phone number: international form, or a national one by its shape or context.</summary>
    Phone,

    /// <summary>Payment card number: issuer range, length, Luhn.</summary>
    PaymentCard,

    /// <summary>IBAN: country length, mod 97.</summary>
    Iban,

    /// <summary>BIC, with context.</summary>
    Bic,

    /// <summary>US social security number.</summary>
    UsSsn,

    /// <summary>US individual taxpayer identification number.</summary>
    UsItin,

    /// <summary>UK NHS number: mod 11, with context.</summary>
    UkNhs,

    /// <summary>UK national insurance number.</summary>
    UkNino,

    /// <summary>A national identity number of the table in <c>NationalIds</c>.</summary>
    NationalId,

    /// <summary>Passport number, with context.</summary>
    Passport,

    /// <summary>Driving licence number, with context.</summary>
    DrivingLicence,

    /// <summary>IPv4 or IPv6 address.</summary>
    IpAddress,

    /// <summary>MAC address.</summary>
    MacAddress,

    /// <summary>URL.</summary>
    Url,

    /// <summary>URL that carries a user and password.</summary>
    UrlCredentials,

    /// <summary>API key or token of a known format.</summary>
    ApiKey,

    /// <summary>Private key in PEM form.</summary>
    PrivateKey,

    /// <summary>Crypto currency address.</summary>
    CryptoAddress,

    /// <summary>Date of birth, by context.</summary>
    DateOfBirth,

    /// <summary>Name of a person, by the words before it or by lists of names. Only where a policy names the kind.</summary>
    Person,

    /// <summary>Street address or post box, by its form. Only where a policy names the kind.</summary>
    Address,
}
