namespace CertOperator.Runtime.InMemory.Errors;

/// <summary>One broken rule of an object, in the words and with the machine-readable reason of the API server.</summary>
/// <param name="Reason">As in <c>metav1.StatusCause</c>, e.g. <c>FieldValueInvalid</c>.</param>
/// <param name="Field">Path, e.g. <c>spec.dnsNames[0]</c>.</param>
/// <param name="Message">Without the path.</param>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail = "")
        => new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <param name="field">Path.</param>
    /// <param name="value">The value as JSON.</param>
    /// <param name="detail">What is wrong with it.</param>
    public static FieldError Invalid(string field, string value, string detail)
        => new("FieldValueInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldError WrongType(string field, string value, string detail)
        => new("FieldValueTypeInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldError NotSupported(string field, string value, IEnumerable<string> supported)
        => new("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported)}");

    public static FieldError Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");

    public static FieldError Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: {value}");

    public static FieldError TooLong(string field, string detail) => new("FieldValueTooLong", field, $"Too long: {detail}");

    public override string ToString() => $"{Field}: {Message}";
}
