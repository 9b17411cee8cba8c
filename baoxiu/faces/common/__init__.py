"""What every face shares: audience, language, layout, components, forms."""
