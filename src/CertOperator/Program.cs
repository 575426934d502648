using CertOperator;

return await Composition.Create().Parse(args).InvokeAsync();
